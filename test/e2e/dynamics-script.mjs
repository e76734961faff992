// One client process that goes through the methods of dynamics-web-api, installed and unmodified, as a user would call
// them. Prints one JSON line: what each step gave, by the name of the method, or how it failed.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { DynamicsWebApi } from 'dynamics-web-api';

const { API_URL, AUTHORITY_URL } = process.env;
const candidates = 'mshr_hcmcandidatetohireentities';
const people = 'mshr_dirpersonentities';
const requests = 'mshr_hcmrecruitingrequestentities';
const skills = 'mshr_hcmskillentities';
const request = 'mshr_FK_RecruitingRequest_id';
const person = { mshr_firstname: 'Øyvind', mshr_dataareaid: 'usmf' };

/** A client with the credentials of `CLIENT_ID`, or of `<prefix>CLIENT_ID`. */
function clientOf(prefix) {
  const app = new ConfidentialClientApplication({
    auth: {
      clientId: process.env[`${prefix}CLIENT_ID`],
      clientSecret: process.env[`${prefix}CLIENT_SECRET`],
      authority: AUTHORITY_URL,
      knownAuthorities: [new URL(AUTHORITY_URL).host],
    },
  });
  return new DynamicsWebApi({
    serverUrl: API_URL,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => {
      const token = await app.acquireTokenByClientCredential({ scopes: [`${API_URL}/.default`] });
      return token.accessToken;
    },
  });
}

const ats = clientOf('');
const admin = clientOf('ADMIN_');

/** What steps leave for those after them. */
const made = {};
const read = (id, ...select) => ats.retrieve({ collection: candidates, key: id, select });

/** In the order in which they run; add yours at the end. */
const steps = {
  create: async () => {
    made.id = await ats.create({ collection: candidates, data: { ...person, mshr_lastname: 'Klient' } });
    return made.id;
  },
  createReturning: () =>
    ats.create({
      collection: candidates,
      data: { ...person, mshr_lastname: 'Vist' },
      select: ['mshr_lastname', 'mshr_candidateid'],
      returnRepresentation: true,
    }),
  retrieve: () =>
    ats.retrieve({
      collection: candidates,
      key: made.id,
      select: ['mshr_lastname'],
      expand: [{ property: 'mshr_FK_Person_id', select: ['mshr_name'] }],
    }),
  retrieveByKey: async () => {
    const { mshr_partynumber: number } = await read(made.id, 'mshr_partynumber');
    return ats.retrieve({ collection: people, key: `mshr_partynumber='${number}'`, select: ['mshr_name'] });
  },
  retrieveMultiple: async () => {
    const page = await ats.retrieveMultiple({
      collection: requests,
      select: ['mshr_recruitingrequestid'],
      filter: "mshr_status eq 200000005 and mshr_dataareaid eq 'usmf'",
      orderBy: ['mshr_recruitingrequestid'],
      maxPageSize: 3,
      count: true,
    });
    made.request = page.value[0].mshr_hcmrecruitingrequestentityid;
    return { rows: page.value.length, next: page.oDataNextLink, count: page.oDataCount };
  },
  retrieveLongUrl: async () => {
    // Longer than 2,000 characters: the client turns it into a batch by itself.
    const filter = Array.from({ length: 60 }, (_, n) => `mshr_recruitingrequestid eq 'USMF-0000${n + 10}-long-enough'`);
    const page = await ats.retrieveMultiple({
      collection: requests,
      filter: `mshr_recruitingrequestid eq 'USMF-000001' or ${filter.join(' or ')}`,
      select: ['mshr_recruitingrequestid'],
    });
    return page.value.map((row) => row.mshr_recruitingrequestid);
  },
  retrieveAll: async () =>
    (await ats.retrieveAll({ collection: requests, select: ['mshr_recruitingrequestid'], maxPageSize: 50 })).value
      .length,
  count: () => ats.count({ collection: requests }),
  countAll: () => ats.countAll({ collection: requests }),
  update: async () => {
    await ats.update({ collection: candidates, key: made.id, data: { mshr_lastname: 'Ålesund' } });
    return read(made.id, 'mshr_lastname');
  },
  updateUnknown: () =>
    ats.update({ collection: candidates, key: '00000000-0000-0000-0000-000000000009', data: { mshr_comments: 'x' } }),
  updateSingleProperty: async () => {
    await ats.updateSingleProperty({
      collection: candidates,
      key: made.id,
      fieldValuePair: { mshr_comments: 'ett felt' },
    });
    return read(made.id, 'mshr_comments');
  },
  deleteSingleProperty: async () => {
    await ats.deleteRecord({ collection: candidates, key: made.id, fieldName: 'mshr_comments' });
    return read(made.id, 'mshr_comments');
  },
  upsert: async () => {
    const id = '00000bba-0000-0000-0000-0050ff00aa01';
    await ats.upsert({ collection: candidates, key: id, data: { ...person, mshr_lastname: 'Upsert' } });
    await ats.upsert({ collection: candidates, key: id, data: { mshr_comments: 'igjen' } });
    return read(id, 'mshr_lastname', 'mshr_comments');
  },
  upsertByKey: async () => {
    const key = "mshr_skill='Klientskill'";
    await admin.upsert({ collection: skills, key, data: { mshr_description: 'en' } });
    await admin.upsert({ collection: skills, key, data: { mshr_description: 'to' } });
    return admin.retrieveMultiple({
      collection: skills,
      filter: key.replace('=', ' eq '),
      select: ['mshr_description'],
    });
  },
  deleteByKey: async () => {
    await admin.deleteRecord({ collection: skills, key: "mshr_skill='Klientskill'" });
    return (await admin.retrieveMultiple({ collection: skills, filter: "mshr_skill eq 'Klientskill'" })).value.length;
  },
  deepInsert: async () => {
    const id = await ats.create({
      collection: candidates,
      data: {
        mshr_dataareaid: 'usmf',
        mshr_FK_Person_id: {
          mshr_firstname: 'Dyp',
          mshr_lastname: 'Klient',
          mshr_FK_HcmPersonSkillEntity_Person: [
            {
              mshr_skillid: 'CustFocus',
              mshr_levelid: '4',
              mshr_ratingid: 'Skills',
              mshr_leveltype: 200000000,
              mshr_leveldate: '2026-01-01',
              mshr_verified: 200000000,
            },
          ],
        },
      },
    });
    return ats.retrieve({
      collection: candidates,
      key: id,
      select: ['mshr_lastname'],
      expand: [{ property: 'mshr_FK_Person_id', select: ['mshr_name'] }],
    });
  },
  associate: async () => {
    await ats.associate({
      collection: requests,
      primaryKey: made.request,
      relationshipName: 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest',
      relatedCollection: candidates,
      relatedKey: made.id,
    });
    return (
      (await read(made.id, `_mshr_fk_recruitingrequest_id_value`))._mshr_fk_recruitingrequest_id_value === made.request
    );
  },
  disassociate: async () => {
    await ats.disassociate({
      collection: requests,
      primaryKey: made.request,
      relationshipName: 'mshr_FK_HcmCandidateToHireEntity_RecruitingRequest',
      relatedKey: made.id,
    });
    return (await read(made.id, `_mshr_fk_recruitingrequest_id_value`))._mshr_fk_recruitingrequest_id_value;
  },
  associateSingleValued: async () => {
    await ats.associateSingleValued({
      collection: candidates,
      primaryKey: made.id,
      navigationProperty: request,
      relatedCollection: requests,
      relatedKey: made.request,
    });
    return (
      (await read(made.id, `_mshr_fk_recruitingrequest_id_value`))._mshr_fk_recruitingrequest_id_value === made.request
    );
  },
  disassociateSingleValued: async () => {
    await ats.disassociateSingleValued({ collection: candidates, primaryKey: made.id, navigationProperty: request });
    return (await read(made.id, `_mshr_fk_recruitingrequest_id_value`))._mshr_fk_recruitingrequest_id_value;
  },
  associateManyToMany: async () => {
    const { UserId: user, BusinessUnitId: unit } = await admin.callFunction('WhoAmI');
    made.team = await admin.create({
      collection: 'teams',
      data: { name: 'Klientlag', teamtype: 0, 'businessunitid@odata.bind': `/businessunits(${unit})` },
    });
    made.members = () =>
      admin.retrieveMultiple({ collection: `teams(${made.team})/teammembership_association`, select: ['fullname'] });
    await admin.associate({
      collection: 'teams',
      primaryKey: made.team,
      relationshipName: 'teammembership_association',
      relatedCollection: 'systemusers',
      relatedKey: user,
    });
    return (await made.members()).value.length;
  },
  disassociateManyToMany: async () => {
    const { UserId: user } = await admin.callFunction('WhoAmI');
    await admin.disassociate({
      collection: 'teams',
      primaryKey: made.team,
      relationshipName: 'teammembership_association',
      relatedKey: user,
    });
    return (await made.members()).value.length;
  },
  createUnderCollection: async () => {
    const collection = `businessunits(${(await admin.callFunction('WhoAmI')).BusinessUnitId})/business_unit_teams`;
    const team = await admin.create({ collection, data: { name: 'Klientlag under enhet', teamtype: 0 } });
    const unit = await admin.retrieve({ collection: 'teams', key: team, expand: [{ property: 'businessunitid' }] });
    return unit.businessunitid.businessunitid === unit._businessunitid_value;
  },
  updateReturning: () =>
    ats.update({
      collection: candidates,
      key: made.id,
      data: { mshr_comments: 'gitt tilbake' },
      select: ['mshr_comments'],
      returnRepresentation: true,
    }),
  updateOfAnOldVersion: () =>
    ats.update({ collection: candidates, key: made.id, data: { mshr_comments: 'x' }, ifmatch: 'W/"1"' }),
  uploadFile: () =>
    ats.uploadFile({
      collection: candidates,
      key: made.id,
      fieldName: 'mshr_document',
      fileName: 'cv.txt',
      data: Buffer.from('cv'),
    }),
  downloadFile: () => ats.downloadFile({ collection: candidates, key: made.id, fieldName: 'mshr_document' }),
  callFunction: () => ats.callFunction({ functionName: 'WhoAmI' }),
  callBoundFunction: async () => {
    const { UserId: key } = await ats.callFunction('WhoAmI');
    const { RolePrivileges: held } = await admin.callFunction({
      collection: 'systemusers',
      key,
      functionName: 'Microsoft.Dynamics.CRM.RetrieveUserPrivileges',
    });
    return held.length;
  },
  callAction: async () => {
    const { BusinessUnitId: unit } = await admin.callFunction('WhoAmI');
    const role = await admin.create({
      collection: 'roles',
      data: { name: 'Klientrolle', 'businessunitid@odata.bind': `/businessunits(${unit})` },
    });
    const { value } = await admin.retrieveMultiple({
      collection: 'privileges',
      filter: "name eq 'prvReadmshr_hcmskillentity'",
    });
    const privilege = { PrivilegeId: value[0].privilegeid, Depth: 'Global' };
    await admin.callAction({
      collection: 'roles',
      key: role,
      actionName: 'Microsoft.Dynamics.CRM.AddPrivilegesRole',
      action: { Privileges: [privilege] },
    });
    const { RolePrivileges: held } = await admin.callFunction({
      functionName: 'RetrieveRolePrivilegesRole',
      parameters: { RoleId: role },
    });
    return held.length;
  },
  callCollectionAction: async () => {
    const { BusinessUnitId: unit } = await admin.callFunction('WhoAmI');
    const team = (name) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.team',
      name,
      teamtype: 0,
      'businessunitid@odata.bind': `/businessunits(${unit})`,
    });
    const { Ids: ids } = await admin.callAction({
      collection: 'teams',
      actionName: 'Microsoft.Dynamics.CRM.CreateMultiple',
      action: { Targets: [team('Klientlag 1'), team('Klientlag 2')] },
    });
    return ids.length;
  },
  // While a batch is being put together its calls do not settle.
  executeBatch: async () => {
    ats.startBatch();
    void ats.retrieve({ collection: candidates, key: made.id, select: ['mshr_lastname'] });
    void ats.retrieveMultiple({ collection: requests, select: ['mshr_recruitingrequestid'], top: 2 });
    void ats.count({ collection: requests });
    void ats.callFunction('WhoAmI');
    void ats.fetch({
      collection: requests,
      fetchXml: `<fetch top="2"><entity name="mshr_hcmrecruitingrequestentity"><attribute name="mshr_recruitingrequestid"/></entity></fetch>`,
    });
    const [row, page, count, who, fetched] = await ats.executeBatch();
    return { row, rows: page.value.length, count, user: who.UserId, fetched: fetched.value.length };
  },
  executeChangeSet: async () => {
    ats.startBatch();
    void ats.create({ collection: candidates, data: { ...person, mshr_lastname: 'Sett1' }, contentId: '1' });
    void ats.update({ collection: '$1', data: { mshr_comments: 'fra settet' } });
    void ats.create({ collection: candidates, data: { ...person, mshr_lastname: 'Sett2' } });
    void ats.retrieveMultiple({
      collection: candidates,
      select: ['mshr_comments'],
      filter: "mshr_lastname eq 'Sett1'",
    });
    const [first, , second, page] = await ats.executeBatch();
    return { first, second, comments: page.value.map((row) => row.mshr_comments) };
  },
  executeFailingChangeSet: async () => {
    ats.startBatch();
    void ats.create({ collection: candidates, data: { ...person, mshr_lastname: 'Tapt' } });
    void ats.deleteRecord({ collection: candidates, key: '00000000-0000-0000-0000-000000000009' });
    const errors = await ats.executeBatch().catch((failed) => failed);
    const left = await ats.retrieveMultiple({ collection: candidates, filter: "mshr_lastname eq 'Tapt'" });
    return { errors: errors.map(({ status, error }) => ({ status, message: error.message })), left: left.value.length };
  },
  executeBatchContinuing: async () => {
    ats.startBatch();
    void ats.retrieve({
      collection: candidates,
      key: '00000000-0000-0000-0000-000000000009',
      select: ['mshr_lastname'],
    });
    void ats.callFunction('WhoAmI');
    const [failed, who] = await ats.executeBatch({ continueOnError: true });
    return { status: failed.status, user: who.UserId };
  },
  deleteRecord: async () => {
    await ats.deleteRecord({ collection: candidates, key: made.id });
    return ats.retrieve({ collection: candidates, key: made.id }).catch(({ status }) => status);
  },
};

const output = {};
for (const [name, run] of Object.entries(steps)) {
  try {
    output[name] = await run();
  } catch (error) {
    const { name: type, message, status, code } = Array.isArray(error) ? error[0] : error;
    output[name] = { failed: { type, message, status, code } };
  }
}
console.log(JSON.stringify(output));
