import { encodeFetchCookie } from '../odata/fetch/fetch-cookie.ts';
import type { FlatQuery } from '../odata/flat-query.ts';
import type { FlatPage } from '../odata/row-store.ts';
import type { AnnotationFilter } from './annotations.ts';

const pagingCookie = 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie';
const moreRecords = 'Microsoft.Dynamics.CRM.morerecords';

/** Annotations that tell a client of FetchXML how to go on ("Page results using FetchXml"); none on the last page. */
export function fetchPaging(wants: AnnotationFilter, page: FlatPage, pageNumber: number, query: FlatQuery): string {
  const cookie =
    page.next !== undefined && wants(pagingCookie)
      ? `"@${pagingCookie}":${JSON.stringify(encodeFetchCookie(pageNumber, page.next, query))},`
      : '';
  return page.more && wants(moreRecords) ? `${cookie}"@${moreRecords}":true,` : cookie;
}
